package transcoder

import "movify/pkg/media"

// PlanAsset plans a file's grid and ladder before a single frame is encoded. fingerprint is the file's content key in
// hexadecimal. It is pure; the stored plan, not this function, is the truth once there is one.
func PlanAsset(fingerprint string, p media.Probe, policy Policy) (media.Asset, error) {
	ladder, err := Plan(p, policy)
	if err != nil {
		return media.Asset{}, err
	}
	v, _ := p.Picture()
	grid, err := planGrid(p, v, policy.SegmentSeconds)
	if err != nil {
		return media.Asset{}, err
	}
	a := nameAsset(fingerprint, policy)
	a.Probe, a.Grid, a.Ladder = p, grid, ladder
	return a, nil
}

// nameAsset is an asset before it is planned: its ID and its prefix follow from the file's content and the policy
// alone.
func nameAsset(fingerprint string, policy Policy) media.Asset {
	digest := policy.digest()
	return media.Asset{ID: media.NewAssetID(fingerprint, digest), Prefix: media.AssetPrefix(fingerprint, digest)}
}
