"""How well the product finds: tasks with known right answers, asked of the real engine."""
