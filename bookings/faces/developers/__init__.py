"""The face for people whose programs call: their keys, what was called, what refusals mean."""
