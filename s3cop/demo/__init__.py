"""The demo community: `demo.json`, read strictly and loaded through the real actions."""
