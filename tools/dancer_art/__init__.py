"""The dancer's drawings (SVG), and the tool that renders them to the atlases of the studio."""
