"""The room's thinking: its state, the decision, and how a decision changes the state. Pure and total."""
