"""Family plans: several worries at once, answered by a few small sets of ways; nothing of it is kept."""
