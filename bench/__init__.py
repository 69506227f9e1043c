"""How fast it is, beside the limit and the peers, in one run on one machine."""
