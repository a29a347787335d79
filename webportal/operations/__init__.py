"""What those who run the portal ask of it: is it ready, how does it do, and what happened in which request."""
