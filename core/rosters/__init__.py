"""Who is on duty when, from rosters as they are sent."""
