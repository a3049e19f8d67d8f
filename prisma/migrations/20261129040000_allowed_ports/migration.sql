-- Ports on which names of a zone may be reached, besides its own. What is used today stays allowed.
ALTER TABLE zone ADD COLUMN "allowed_ports" TEXT[] NOT NULL DEFAULT ARRAY['80', '443', '8080', '8443'];

UPDATE zone SET allowed_ports = allowed_ports || used.ports
  FROM (SELECT e.zone_id, array_agg(DISTINCT r.contract #>> '{routing,port}') AS ports
          FROM endpoint e JOIN endpoint_revision r ON r.endpoint_id = e.id AND r.number = e.revision
         WHERE e.state <> 'retired' AND r.contract #>> '{routing,port}' NOT IN ('80', '443', '8080', '8443')
         GROUP BY e.zone_id) used
 WHERE used.zone_id = zone.id;
