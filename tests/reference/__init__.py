"""What the database must answer, worked out a second time in plain Python, slowly and in the open."""
