"""The model a second time, as plain Mesa objects: written from MODEL.md, independently of the engine."""
