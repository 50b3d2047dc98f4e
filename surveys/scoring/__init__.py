"""Rules of scoring, scores of units, rank sets, and the arithmetic behind them."""
