"""What the clock starts: due wakes, dispatch, reminders, callbacks, deadlines, closing."""
