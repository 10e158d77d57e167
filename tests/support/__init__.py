"""What more than one folder of tests leans on."""
