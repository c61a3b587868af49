"""How people work on incidents: what is expected of whom by when, and what follows when it does not come."""
