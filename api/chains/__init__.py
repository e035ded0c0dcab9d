"""Help chains: what helps one after the other in a situation that many know, and where a link is missing."""
