"""Every address, every verb, every actor: decided in `policy.toml`, and tried."""
