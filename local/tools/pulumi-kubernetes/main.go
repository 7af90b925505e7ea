// Command pulumi-resource-kubernetes is Pulumi's own Kubernetes provider, with the two files of its module embedded as they are.
// The build lays them beside this file (`-overlay`): the module's own main wants generated copies of them, which it lacks.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

func main() {
	provider.Serve("kubernetes", version.Version, schema, terraformMapping)
}
