package escpos

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed profiles/*.json
var profileFiles embed.FS

// catalogue is the profiles that come with the package, by name.
var catalogue = sync.OnceValue(func() []*Profile {
	entries, err := profileFiles.ReadDir("profiles")
	if err != nil {
		return nil // an embedded folder is always there
	}
	var all []*Profile
	for _, entry := range entries {
		data, err := profileFiles.ReadFile(path.Join("profiles", entry.Name()))
		if err != nil {
			continue
		}
		// They are all parsed by a test.
		if p, err := ParseProfile(data); err == nil {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b *Profile) int { return strings.Compare(a.Name, b.Name) })
	return all
})

// ProfileByName returns one of the profiles that come with the package, by
// its name or an alias, in capital or small letters. Otherwise the error
// wraps ErrUnknownProfile.
func ProfileByName(name string) (*Profile, error) {
	for _, p := range catalogue() {
		if strings.EqualFold(p.Name, name) || slices.ContainsFunc(p.Aliases, func(a string) bool { return strings.EqualFold(a, name) }) {
			return p, nil
		}
	}
	return nil, &ProfileError{Profile: name, Err: fmt.Errorf("%w; known are %s", ErrUnknownProfile, strings.Join(ProfileNames(), ", "))}
}

// ProfileNames returns the names of the profiles that come with the package,
// sorted.
func ProfileNames() []string {
	all := catalogue()
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Name
	}
	return names
}

// GenericProfile returns the profile of a printer of 80 mm of which nothing
// else is known: it uses what nearly all of them have.
func GenericProfile() *Profile {
	return genericProfile()
}

// genericProfile is parsed by itself: whoever prints on it need not wait for
// all the others, and their tables.
var genericProfile = sync.OnceValue(func() *Profile {
	data, err := profileFiles.ReadFile("profiles/generic-80.json")
	if err == nil {
		if p, err := ParseProfile(data); err == nil {
			return p
		}
	}
	return new(Profile) // AppendEncode refuses it; the file is embedded, and tested
})
