"""Drawing: how many of each stratum, and who, so that anyone can draw the same again."""
