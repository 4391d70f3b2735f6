"""Running the site: serving, checking, keeping (backup, restore, export, import), a trial site of one's own."""
