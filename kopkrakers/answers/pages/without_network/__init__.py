"""What a person meets without a network: the page that is kept, and answers that come later."""
