"""The shell around the domain: settings, addresses, processes. It holds no booking rules."""
