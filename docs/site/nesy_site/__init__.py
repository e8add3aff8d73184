"""What the documentation's site has beside the pages in docs/: pages made when it is built, and links."""
