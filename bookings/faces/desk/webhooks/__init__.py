"""What is shown of webhooks, and typed about them."""
