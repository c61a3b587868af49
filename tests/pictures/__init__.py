"""Pictures of every page in every theme, of one fixed night."""
