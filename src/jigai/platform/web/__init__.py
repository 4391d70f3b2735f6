"""What all pages share: layout, lists, forms, errors."""
