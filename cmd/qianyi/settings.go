package main

import (
	"maps"
	"os"
)

// settings are the flags of every command that needs a configuration.
type settings struct {
	Config string `help:"Configuration file (YAML)." placeholder:"FILE"`
	Zone   string `help:"Time zone of times without an offset (default Asia/Shanghai)." placeholder:"NAME"`
}

func (s settings) flags() map[string]string { return map[string]string{"zone": s.Zone} }

// dataSettings are the flags of commands that work on stored data.
type dataSettings struct {
	Data string `help:"Folder of database and search index (default qianyi-data)." placeholder:"DIR"`
	DB   string `name:"db" help:"Database file or postgres:// URL (default DIR/qianyi.db)." placeholder:"DSN"`
}

func (s dataSettings) flags() map[string]string {
	return map[string]string{"data": s.Data, "db": s.DB}
}

// packSettings are the flags of commands that understand texts.
type packSettings struct {
	Pack  string `help:"Pack to judge by (default general)." placeholder:"CODE"`
	Packs string `help:"Folder of packs that override those of the program." placeholder:"DIR"`
	Model string `help:"Model trained for the types of the pack." placeholder:"FILE"`
}

func (s packSettings) flags() map[string]string {
	return map[string]string{"pack": s.Pack, "packs": s.Packs, "model": s.Model}
}

// load reads the configuration with the given groups of flags on top.
func (s settings) load(groups ...map[string]string) (config, error) {
	c, _, err := s.loadWithOrigins(groups...)
	return c, err
}

func (s settings) loadWithOrigins(groups ...map[string]string) (config, origins, error) {
	flags := s.flags()
	for _, g := range groups {
		maps.Copy(flags, g)
	}
	return loadConfig(s.Config, flags, os.LookupEnv)
}
