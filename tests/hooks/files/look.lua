--- What of jobs is there on the nodes in the middle of the move: it is in a file of each.

local remote = require "remote"

return {
	name = "look", summary = "looks at jobs in the middle of the move",
	before = { monitoring = function(move)
		remote.run(move.nodes, "for file in /etc/cron.d/job /etc/cron.d/.job.snmove " ..
			"/etc/units/puppet.timer; do [ ! -e $file ] || echo $file; done >/var/log/seen",
			{ repeatable = true, undo = "rm -f /var/log/seen", undo_always = true })
	end },
}
