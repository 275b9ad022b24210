"""What the desk answers, one module for each part of it."""
