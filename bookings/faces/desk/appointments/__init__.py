"""Appointments at the desk: their page, what is done there, and the forms of new and moved ones."""
