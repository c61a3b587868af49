"""Who is sent: what crews say of themselves, which one goes, and what becomes of its order."""
