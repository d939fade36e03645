"""Videos and cameras, as pictures with times; folders and tables of labeled videos."""
