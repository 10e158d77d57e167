"""Sign anew what stands under a former secret, once the installation has another."""
