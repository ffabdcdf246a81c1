import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { AdminProblem } from './admin-problem.js';
import { Audited } from './audited.interceptor.js';
import { isLive } from './decision-reach.js';
import { Fleet } from './fleet.js';

/** What operators say about replicas: that one is gone, and will not come back. */
@Controller('admin/v1/fleet/replicas')
export class FleetController {
  constructor(private readonly fleet: Fleet) {}

  /** A replica that still reports is not dropped: it would be back within seconds. */
  @Delete(':replica')
  @HttpCode(204)
  @Audited({ action: 'admin_drop_replica', about: { replica: 'about' } })
  async drop(@Param('replica') replica: string): Promise<void> {
    const { replicas, isKnown } = await this.fleet.view('reach');
    if (!isKnown) throw new AdminProblem(503, 'store_unavailable', 'the shared store does not answer');
    const found = replicas.find((each) => each.replica === replica);
    if (found && isLive(found)) throw new AdminProblem(409, 'replica_live', 'this replica was seen a moment ago');
    if (!(await this.fleet.drop(replica))) {
      throw new AdminProblem(404, 'replica_unknown', 'no replica of this name is remembered');
    }
  }
}
