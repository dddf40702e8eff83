"""The Mesa face: live agents on the engine's arrays, and the week as a list to add to."""
