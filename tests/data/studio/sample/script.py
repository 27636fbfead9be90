"""The samples of the old service's help page, scored."""

import pandas as pd


def azureml_main(dataframe1=None, dataframe2=None):
    if "surface" in dataframe1:
        dataframe1["Scored Labels"] = dataframe1["surface"] * 1007.49893789066
    if "column1" in dataframe1:
        return pd.DataFrame({"Scored Labels": [len(dataframe1)]})
    return dataframe1
