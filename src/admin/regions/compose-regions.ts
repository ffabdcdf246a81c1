import type { ActiveConfiguration } from '../../shared/configuration/active-configuration.js';
import type { Host } from '../../telemetry/host.js';
import { adminSection } from '../admin.section.js';
import { OwnRegion, type OwnRegionParts } from './own-region.js';
import { RegionClient } from './region-client.js';
import { Regions } from './regions.js';

/** Puts together what is known of regions. It follows the configuration. */
export function composeRegions(
  parts: Omit<OwnRegionParts, 'replica' | 'configuration'>,
  host: Host,
  configuration: ActiveConfiguration,
): Regions {
  const own = new OwnRegion({ ...parts, replica: host.replica, configuration });
  const regions = new Regions({ own, client: new RegionClient(host.clock), host });
  configuration.follow(adminSection, (prepared) => {
    regions.replace(prepared.regions);
  });
  return regions;
}
