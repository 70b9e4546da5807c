"""Files of ballots and results: what `manage.py rank` reads, and what the site offers."""
