"""What another system needs of Encore's pages: an address that opens on a call, and a card in a frame of its own."""
