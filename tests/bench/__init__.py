"""The benchmark: `make bench`, or `python -m tests.bench 1 2 5` for some figures only.

It measures in one run, on a PostgreSQL server of its own with durable settings, what the portal
promises about speed, and prints every figure beside its bar.
"""
