"""Web Push: the keys of the server, the subscription of a device, and the sealing of a message."""
