"""Rule sets on their way into force: the candidate in the shadow, its review, promotions and the way back."""
