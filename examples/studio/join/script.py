"""Two inputs joined; a module and a file of the bundle name the regions."""

import regions


def azureml_main(dataframe1=None, dataframe2=None):
    """Return the orders with the price of their product, and the turnover of each region.

    Args:
        dataframe1: orders: `product`, `region`, `count`.
        dataframe2: prices: `product`, `price`.
    """
    orders = dataframe1.merge(dataframe2, on="product", how="left", validate="many_to_one")
    orders["turnover"] = orders["count"] * orders["price"]
    orders["region"] = regions.named(orders["region"])
    table = orders.groupby("region", as_index=False)["turnover"].sum(min_count=1)
    print(len(dataframe1), "orders in", len(table), "regions")
    return table
