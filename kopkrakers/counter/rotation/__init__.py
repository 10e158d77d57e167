"""What happens once the secret of the installation was replaced."""
