"""The calendar of the desk: what its day, week, month and list show."""
