"""Tables of a release in which every cell is protected: of one edition, and of all together."""
