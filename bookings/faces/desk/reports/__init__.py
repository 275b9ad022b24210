"""Reports: what is asked, how figures are worded and drawn, and bookings as files."""
