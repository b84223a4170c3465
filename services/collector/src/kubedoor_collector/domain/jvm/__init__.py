"""What JVMs do: heap, collections and threads, as four libraries tell them."""
