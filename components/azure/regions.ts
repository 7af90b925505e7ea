/**
 * Regions of Azure, of the public cloud and of those of the United States government and China, November 2026. A newer region is missing
 * here, so a region that is not in the list is not wrong for certain.
 * @see https://learn.microsoft.com/azure/reliability/regions-list
 */
export const AZURE_REGIONS: readonly string[] = [
  ...["australiacentral", "australiacentral2", "australiaeast", "australiasoutheast", "austriaeast"],
  ...["belgiumcentral", "brazilsouth", "brazilsoutheast", "canadacentral", "canadaeast", "centralindia"],
  ...["centralus", "chilecentral", "chinaeast", "chinaeast2", "chinaeast3", "chinanorth", "chinanorth2"],
  ...["chinanorth3", "eastasia", "eastus", "eastus2", "francecentral", "francesouth"],
  ...["germanynorth", "germanywestcentral", "indonesiacentral", "israelcentral", "italynorth", "japaneast"],
  ...["japanwest", "jioindiacentral", "jioindiawest", "koreacentral", "koreasouth", "malaysiawest"],
  ...["mexicocentral", "newzealandnorth", "northcentralus", "northeurope", "norwayeast", "norwaywest"],
  ...[
    "polandcentral",
    "qatarcentral",
    "southafricanorth",
    "southafricawest",
    "southcentralus",
    "southeastasia",
  ],
  ...["southindia", "spaincentral", "swedencentral", "swedensouth", "switzerlandnorth", "switzerlandwest"],
  ...["uaecentral", "uaenorth", "uksouth", "ukwest", "usgovarizona", "usgovtexas", "usgovvirginia"],
  ...["westcentralus", "westeurope", "westindia", "westus", "westus2", "westus3"],
];
