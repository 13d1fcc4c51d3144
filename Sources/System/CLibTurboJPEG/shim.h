// Only flags come from here: the C target beside it includes the library, Swift never sees its types.
