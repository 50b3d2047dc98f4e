"""Cases: what a resident wants put right, from hearing it to the resident's own word that it is."""
